using System.Runtime.InteropServices;

namespace Microcosm.Nginx;

/// <summary>What statx(2) tells, which is the same on all processors.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct FileStatus
{
    [FieldOffset(20)]
    public uint Owner;

    [FieldOffset(28)]
    public ushort Mode;

    [FieldOffset(32)]
    public ulong Inode;

    [FieldOffset(40)]
    public long Length;

    [FieldOffset(112)]
    public long ModifiedSeconds;

    [FieldOffset(136)]
    public uint DeviceMajor;

    [FieldOffset(140)]
    public uint DeviceMinor;
}
