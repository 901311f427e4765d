using System.Runtime.InteropServices;

namespace Microcosm.Nginx;

/// <summary>One entry that readdir(3) gives; its name ends with a NUL.</summary>
[StructLayout(LayoutKind.Explicit, Size = 280)]
internal unsafe struct FolderRecord
{
    [FieldOffset(19)]
    public fixed byte Name[256];
}
