namespace Microcosm.Http;

/// <summary>Takes the fields of a header block, in their order.</summary>
internal interface IHeaderSink
{
    /// <summary>One field. The spans are valid during the call only.</summary>
    void OnHeader(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value);
}
