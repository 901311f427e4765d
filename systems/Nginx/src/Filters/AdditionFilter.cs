using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary><c>add_before_body</c> and <c>add_after_body</c>: what subrequests answer stands around a body (nginx:
/// ngx_http_addition_filter). While one is under way the body is held.</summary>
internal sealed class AdditionFilter : BodyFilter, IInnerSink
{
    private readonly HttpRequest _request;
    private readonly Sending _sending;
    private readonly Queue<byte[]> _held = new();
    private string _before;
    private string _after;
    private InnerExchange? _asked;
    private bool _isEnded;

    private AdditionFilter(HttpRequest request, Sending sending)
    {
        (_request, _sending) = (request, sending);
        _before = request.Level.Get(FilterModules.AddBeforeBody)!;
        _after = request.Level.Get(FilterModules.AddAfterBody)!;
    }

    public override bool IsBacklogged => _asked is not null || Next.IsBacklogged;

    bool IInnerSink.IsFull => Next.IsBacklogged;

    public static AdditionFilter? TryBegin(HttpRequest request, Sending sending)
    {
        var (response, level) = (request.Response, request.Level);
        if (response.Status != 200 || request.Parent is not null
            || (level.Get(FilterModules.AddBeforeBody) is "" && level.Get(FilterModules.AddAfterBody) is "")
            || !ContentTypes.IsOneOf(response, level.Get(FilterModules.AdditionTypes)))
            return null;
        response.BecomesAnother();
        response.WeakenETag();
        return new AdditionFilter(request, sending);
    }

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        AskBefore();
        if (_asked is not null)
            _held.Enqueue(bytes.ToArray());
        else
            Next.Write(bytes);
    }

    public override void Flush()
    {
        if (_asked is null)
            Next.Flush();
    }

    public override void End()
    {
        _isEnded = true;
        AskBefore();
        GoOn();
    }

    public override void Resume()
    {
        Next.Resume();
        if (!Next.IsBacklogged)
            _asked?.Drained();
    }

    public override void Release()
    {
        (_before, _after) = ("", "");
        _asked?.Cancel();
        _asked = null;
        _held.Clear();
        Next.Release();
    }

    void IInnerSink.Body(InnerExchange exchange, ReadOnlySpan<byte> bytes)
    {
        if (exchange == _asked)
            Next.Write(bytes);
    }

    void IInnerSink.Ended(InnerExchange exchange, bool isComplete)
    {
        if (exchange != _asked)
            return;
        _asked = null;
        if (!isComplete)
        {
            _sending.Abort();
            return;
        }
        while (_held.TryDequeue(out var bytes))
            Next.Write(bytes);
        GoOn();
        _sending.Resume();
    }

    private void AskBefore()
    {
        var uri = _before;
        _before = "";
        Ask(uri);
    }

    private void GoOn()
    {
        if (!_isEnded || _asked is not null)
            return;
        var uri = _after;
        _after = "";
        if (uri.Length > 0)
        {
            Ask(uri);
            return;
        }
        _isEnded = false;
        Next.End();
    }

    private void Ask(string uri)
    {
        if (uri.Length == 0)
            return;
        if (Subrequests.Begin(_request, Latin1.Bytes(uri), default, this) is { } request)
            _asked = (InnerExchange)request.Exchange;
        else
            _sending.Abort();
    }
}
