// SPDX-License-Identifier: MIT
using Microsoft.Win32.SafeHandles;

namespace NativeMlp.Interop;

internal sealed class NetHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        NativeMethods.nmlp_net_destroy(handle);
        return true;
    }
}
