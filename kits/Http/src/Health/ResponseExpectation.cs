namespace Microcosm.Http;

/// <summary>What the response to a check has to be like; all of it.</summary>
public sealed record ResponseExpectation
{
    /// <summary>The default: a status of 2xx or 3xx.</summary>
    public static ResponseExpectation Success { get; } = new() { Status = StatusExpectation.Success };

    /// <summary>The status; null for any.</summary>
    public StatusExpectation? Status { get; init; }

    /// <summary>Fields.</summary>
    public IReadOnlyList<FieldExpectation> Fields { get; init; } = [];

    /// <summary>Tests of the body.</summary>
    public IReadOnlyList<BytesTest> Body { get; init; } = [];

    /// <summary>Bytes of the body that are looked at, at most; what follows is not read.</summary>
    public int BodyBytesMax { get; init; } = 256 * 1024;

    /// <summary>What of a head is not as wanted, in NGINX Plus' words; null for nothing.</summary>
    public string? FaultOf(int status, HeaderList headers)
    {
        if (Status?.IsMet(status) == false)
            return "status code";
        foreach (var field in Fields)
        {
            if (!field.IsMet(headers))
                return $"header \"{field.Name}\"";
        }
        return null;
    }

    /// <summary>The same of a body, or its beginning.</summary>
    public string? FaultOf(ReadOnlySpan<byte> body)
    {
        foreach (var test in Body)
        {
            if (!test(body))
                return "body";
        }
        return null;
    }
}
