namespace Microcosm.Nginx;

/// <summary>Takes a request's body as it comes.</summary>
internal interface IRequestBodyReader
{
    /// <summary>A piece; valid during the call.</summary>
    void Body(ReadOnlySpan<byte> bytes);

    /// <summary>The body is whole.</summary>
    void Ended();
}
