using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>Takes the response of a request that is made for a cache's sake alone.</summary>
internal sealed class NoSink : IInnerSink
{
    public static NoSink Instance { get; } = new();

    void IInnerSink.File(InnerExchange exchange, Runtime.IOutputFile file, long offset, long count) => file.Release();
}
