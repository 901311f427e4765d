namespace Microcosm.Http;

/// <summary>What a request's target means: its path decoded, without dot segments, and where its query and extension are.</summary>
public readonly ref struct NormalisedPath
{
    /// <summary>The path.</summary>
    public ReadOnlySpan<byte> Path { get; init; }

    /// <summary>What stands behind the first question mark, as it came, up to a number sign.</summary>
    public ReadOnlySpan<byte> Query { get; init; }

    /// <summary>What stands behind the last dot of the last segment, in <see cref="Path"/>.</summary>
    public ReadOnlySpan<byte> Extension { get; init; }

    /// <summary>A question mark is there, whether or not something stands behind it.</summary>
    public bool HasQuery { get; init; }

    /// <summary>Of a target for which <see cref="PathNormaliser.IsPlain"/> holds.</summary>
    internal static NormalisedPath OfPlain(ReadOnlySpan<byte> target)
    {
        var mark = target.IndexOf((byte)'?');
        var path = mark < 0 ? target : target[..mark];
        var dot = path.LastIndexOf((byte)'.');
        return new NormalisedPath
        {
            Path = path,
            Query = mark < 0 ? default : target[(mark + 1)..],
            Extension = dot > path.LastIndexOf((byte)'/') ? path[(dot + 1)..] : default,
            HasQuery = mark >= 0,
        };
    }
}
