using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>Passes 103 on where <c>early_hints</c> wants it (ngx_http_upstream_process_early_hints).</summary>
internal sealed class EarlyHints(HttpRequest request, ProxySettings settings)
{
    private UpstreamExchange? _upstream;
    private long _bytes;

    public void Pass(UpstreamExchange upstream, HeaderList headers)
    {
        if (!IsWanted())
            return;
        if (_upstream != upstream)
            (_upstream, _bytes) = (upstream, 0);
        var passed = new HeaderList();
        for (var i = 0; i < headers.Count; i++)
        {
            _bytes += headers[i].Name.Length + headers[i].Value.Length + ": \r\n".Length;
            if (!settings.IsHidden(headers[i].Name))
                passed.Add(headers[i]);
        }
        if (_bytes <= settings.Options.HeadLimits.FirstBytes)
            request.Exchange.Inform(103, passed);
        else
            request.LogError(LogLevel.Info, "upstream sent too big early hints");
        passed.Clear();
    }

    private bool IsWanted()
    {
        if (request.IsAnswered)
            return false;
        foreach (var condition in settings.Level.Get(HttpCoreModule.EarlyHints))
        {
            var value = condition.Evaluate(request.Values).Span;
            if (!value.IsEmpty && !value.SequenceEqual("0"u8))
                return true;
        }
        return false;
    }
}
