// SPDX-License-Identifier: MIT
// The example train_xor.c in C++: the header's functions link as C, from objects that clean up.
#include <nmlp.h>

#include <array>
#include <cstdio>
#include <memory>
#include <stdexcept>

namespace
{

void check(std::int32_t status)
{
    if (status != NMLP_OK) throw std::runtime_error(nmlp_status_string(status));
}

struct destroy {
    void operator()(nmlp_net *net) const { nmlp_net_destroy(net); }
};
using network = std::unique_ptr<nmlp_net, destroy>;

network create()
{
    const std::array<nmlp_layer, 2> layers{nmlp_layer_init(8, NMLP_ACTIVATION_TANH),
                                           nmlp_layer_init(1, NMLP_ACTIVATION_IDENTITY)};
    const auto options = nmlp_net_options_init(2, 4, NMLP_LOSS_BINARY_CROSS_ENTROPY);
    nmlp_net *net = nullptr;
    check(nmlp_net_create(&options, layers.data(), layers.size(), &net));
    network owner(net);
    check(nmlp_net_initialize(net, 1));
    return owner;
}

void run()
{
    const std::array<float, 8> x{0, 0, 0, 1, 1, 0, 1, 1};
    const std::array<float, 4> targets{0, 1, 1, 0};
    auto batch = nmlp_batch_init(x.data(), 4, 2);
    batch.targets = targets.data();
    batch.target_length = targets.size();

    auto adam = nmlp_optimizer_init(NMLP_OPTIMIZER_ADAM);
    adam.learning_rate = 0.05;

    const network net = create();
    for (int step = 1; step <= 200; step++) {
        auto result = nmlp_result_init();
        check(nmlp_net_train_step(net.get(), &batch, &adam, &result));
        if (step == 1 || step % 50 == 0) std::printf("step %3d  loss %.9f\n", step, result.loss);
    }
    std::array<float, 4> answer{};
    check(nmlp_net_predict(net.get(), &batch, NMLP_OUTPUT_PROBABILITIES, answer.data(), 1, 1));
    for (std::size_t i = 0; i < answer.size(); i++)
        std::printf("%.0f xor %.0f = %.9f\n", static_cast<double>(x[2 * i]),
                    static_cast<double>(x[2 * i + 1]), static_cast<double>(answer[i]));
}

} // namespace

int main()
{
    try {
        run();
        return 0;
    } catch (const std::exception &error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
