// SPDX-License-Identifier: MIT
using NativeMlp.ServingBench;

return args switch
{
    ["latency"] => LatencyCommand.Run(),
    ["endpoints"] => await EndpointsCommand.RunAsync(),
    [Service.Word, string library, string folder] => Service.Run(library, folder),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        usage: latency      predictions of a served model by 1 to 8 threads, while its file stays and while it is replaced
               endpoints    the same web service over NativeMlp, ONNX Runtime and ML.NET (built with -p:OnnxPeer=true)
        """);
    return 2;
}
