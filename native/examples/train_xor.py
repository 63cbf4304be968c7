# SPDX-License-Identifier: MIT
"""Trains a network of 2-8-1 on XOR with Adam and prints what it then answers, as train_xor.c does.

python3 train_xor.py [file of the library]
"""
import ctypes
import ctypes.util
import sys
from ctypes import c_double, c_float, c_int32, c_size_t, c_uint32, c_uint64

floats, ints = ctypes.POINTER(c_float), ctypes.POINTER(c_int32)


class Struct(ctypes.Structure):
    """A structure of nmlp.h: it begins with its size, and a member that is not given is 0."""

    def __init__(self, **members):
        super().__init__(struct_size=ctypes.sizeof(self), **members)


class Layer(Struct):
    _fields_ = [("struct_size", c_uint32), ("activation", c_int32), ("outputs", c_size_t),
                ("init", c_int32), ("norm", c_int32), ("alpha", c_float), ("dropout", c_float),
                (("init_stddev", c_float)), ("pieces", c_int32)]


class NetOptions(Struct):
    _fields_ = [("struct_size", c_uint32), ("loss", c_int32), ("inputs", c_size_t),
                ("max_batch", c_size_t), ("threads", c_int32), ("label_smoothing", c_float),
                ("delta", c_float), ("norm_epsilon", c_float), ("norm_momentum", c_float),
                ("reserved", c_int32), ("dropout_seed", c_uint64), ("class_weights", floats),
                ("class_weight_count", c_size_t)]


class Optimizer(Struct):
    _fields_ = [("struct_size", c_uint32), ("kind", c_int32)] + [(name, c_double) for name in (
        "learning_rate", "l2", "momentum", "beta1", "beta2", "epsilon", "rho", "decay",
        "clip_norm", "clip_value", "max_norm")] + [("decay_biases", c_int32), ("reserved", c_int32)]


class Batch(Struct):
    _fields_ = [("struct_size", c_uint32), ("feature_type", c_int32), ("features", floats),
                ("feature_rows", c_size_t), ("ld", c_size_t), ("mean", floats),
                ("mean_length", c_size_t), ("indices", ints), ("index_count", c_size_t),
                ("labels", ints), ("label_count", c_size_t), ("targets", floats),
                ("target_length", c_size_t), ("weights", floats), ("weight_count", c_size_t),
                ("scale", c_float), ("reserved", c_int32), ("scales", floats), ("scales_length", c_size_t)]


class Result(Struct):
    _fields_ = [("struct_size", c_uint32), ("reserved", c_int32), ("loss", c_double), ("data_loss", c_double), ("rows", c_size_t),
                ("correct", c_size_t), ("gradient_norm", c_double)]


ABI_VERSION, TANH, BINARY_CROSS_ENTROPY, ADAM, PROBABILITIES = 3, 4, 1, 2, 1

nmlp = ctypes.CDLL(sys.argv[1] if len(sys.argv) > 1 else ctypes.util.find_library("nmlp") or "nmlp")
nmlp.nmlp_status_string.restype = ctypes.c_char_p
nmlp.nmlp_net_destroy.restype = None
if nmlp.nmlp_abi_version() != ABI_VERSION:
    sys.exit("The library is of another version than this program.")


def call(name, *arguments):
    status = getattr(nmlp, name)(*arguments)
    if status != 0:
        sys.exit(f"{name}: {nmlp.nmlp_status_string(status).decode()}")


x = (c_float * 8)(0, 0, 0, 1, 1, 0, 1, 1)
batch = Batch(features=x, feature_rows=4, ld=2, targets=(c_float * 4)(0, 1, 1, 0), target_length=4)
layers = (Layer * 2)(Layer(outputs=8, activation=TANH), Layer(outputs=1))
options = NetOptions(inputs=2, max_batch=4, loss=BINARY_CROSS_ENTROPY)
net = ctypes.c_void_p()
call("nmlp_net_create", ctypes.byref(options), layers, c_size_t(2), ctypes.byref(net))
call("nmlp_net_initialize", net, c_uint64(1))

adam = Optimizer()
call("nmlp_optimizer_defaults", ctypes.byref(adam), ADAM)
adam.learning_rate = 0.05
result = Result()
for step in range(1, 201):
    call("nmlp_net_train_step", net, ctypes.byref(batch), ctypes.byref(adam), ctypes.byref(result))
    if step == 1 or step % 50 == 0:
        print(f"step {step:3}  loss {result.loss:.9f}")

answer = (c_float * 4)()
call("nmlp_net_predict", net, ctypes.byref(batch), PROBABILITIES, answer, c_size_t(1), 1)
for i in range(4):
    print(f"{x[2 * i]:.0f} xor {x[2 * i + 1]:.0f} = {answer[i]:.9f}")
nmlp.nmlp_net_destroy(net)
