using System.Buffers;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary><c>include</c> with <c>set</c>: a response becomes the value of a variable, where it is not more than
/// <c>subrequest_output_buffer_size</c>.</summary>
internal sealed class SsiAssignment(SsiFilter filter, SsiShared shared, string name) : IInnerSink
{
    private const int RefusedStatus = 300;

    private readonly ArrayBufferWriter<byte> _value = new();
    private HttpRequest? _request;

    /// <summary>It is the response of this one.</summary>
    public void Take(HttpRequest request) => _request = request;

    /// <summary>Nobody wants it any more.</summary>
    public void Cancel() => (_request?.Exchange as InnerExchange)?.Cancel();

    void IInnerSink.Body(InnerExchange exchange, ReadOnlySpan<byte> bytes)
    {
        if (_value.WrittenCount + bytes.Length <= _request!.Level.Get(HttpCoreModule.SubrequestOutputBufferSize))
        {
            _value.Write(bytes);
            return;
        }
        _request.LogError(LogLevel.Error, $"too big subrequest response: {_value.WrittenCount + bytes.Length}");
        filter.Fail();
    }

    void IInnerSink.Ended(InnerExchange exchange, bool isComplete)
    {
        if (!isComplete)
        {
            filter.Fail();
            return;
        }
        if (exchange.Status < RefusedStatus)
            shared.Set(name, _value.WrittenSpan.ToArray());
        filter.GoOn(this);
    }
}
