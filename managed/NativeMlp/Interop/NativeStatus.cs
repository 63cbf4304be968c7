// SPDX-License-Identifier: MIT
namespace NativeMlp.Interop;

/// <summary>nmlp_status.</summary>
internal enum NativeStatus
{
    Ok = 0,
    InvalidArgument = -1,
    OutOfMemory = -2,
    UnsupportedIsa = -3,
    Unsupported = -4,
    IndexRange = -5,
    LabelRange = -6,
    Busy = -7,
    NonFinite = -8,
    Frozen = -9,
}
