namespace Microcosm.Redis;

/// <summary>Subcommands of BITFIELD that act.</summary>
internal enum BitFieldKind
{
    Get,
    Set,
    IncrBy,
}
