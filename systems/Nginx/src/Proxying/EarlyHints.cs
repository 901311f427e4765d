using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>Passes 103 on where <c>early_hints</c> wants it (ngx_http_upstream_process_early_hints).</summary>
internal sealed class EarlyHints(HttpRequest request, ProxySettings settings)
{
    private long _bytes;

    /// <summary>A response of one server begins anew.</summary>
    public void Reset() => _bytes = 0;

    public void Pass(HeaderList headers)
    {
        if (!IsWanted())
            return;
        var passed = new HeaderList();
        for (var i = 0; i < headers.Count; i++)
        {
            _bytes += headers[i].Name.Length + headers[i].Value.Length + ": \r\n".Length;
            if (!settings.IsHidden(headers[i].Name))
                passed.Add(headers[i]);
        }
        if (_bytes <= settings.Level.Get(ProxyModule.Upstream.BufferSize))
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
