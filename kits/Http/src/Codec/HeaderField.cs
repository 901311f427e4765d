namespace Microcosm.Http;

/// <summary>One field of a <see cref="HeaderList"/>; valid until the list changes.</summary>
public readonly ref struct HeaderField
{
    /// <summary>The name, as it was written.</summary>
    public ReadOnlySpan<byte> Name { get; init; }

    /// <summary>The value, without spaces around it.</summary>
    public ReadOnlySpan<byte> Value { get; init; }

    /// <summary>The name, where it is a known one.</summary>
    public KnownHeader Known { get; init; }

    /// <summary>What is odd about the name.</summary>
    public HeaderFlags Flags { get; init; }
}
