namespace Microcosm.Chubby;

/// <summary>How long a node lives, as its ephemeralOwner says it (<c>EphemeralType</c>).</summary>
/// <param name="Kind">What ends it.</param>
/// <param name="Value">The session, or the TTL in milliseconds.</param>
internal readonly record struct NodeLifetime(LifetimeKind Kind, long Value)
{
    /// <summary>Largest TTL: five bytes of milliseconds.</summary>
    public const long TtlMsMax = (1L << 40) - 1;

    private const long ContainerOwner = long.MinValue;
    private const long ExtendedMask = unchecked((long)0xff00000000000000);
    private const long ExtendedKindMask = 0x00ffff0000000000;

    public static NodeLifetime Of(long ephemeralOwner) => ephemeralOwner switch
    {
        0 => default,
        ContainerOwner => new(LifetimeKind.Container, 0),
        _ when (ephemeralOwner & ExtendedMask) == ExtendedMask && (ephemeralOwner & ExtendedKindMask) == 0 =>
            new(LifetimeKind.Ttl, ephemeralOwner & TtlMsMax),
        _ => new(LifetimeKind.Ephemeral, ephemeralOwner),
    };

    public long ToOwner() => Kind switch
    {
        LifetimeKind.Container => ContainerOwner,
        LifetimeKind.Ttl => ExtendedMask | Value,
        _ => Value,
    };
}
