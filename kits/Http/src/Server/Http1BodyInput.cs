namespace Microcosm.Http;

/// <summary>The body that comes on an HTTP/1 connection: shown to the exchange as it wants it, or read away. Invariant: a broken body is
/// told once, and nothing of it is shown after that.</summary>
internal sealed class Http1BodyInput(Http1Connection connection, Http1Timers timers)
{
    private BodyReader _body;

    /// <summary>All of it was taken.</summary>
    public bool IsDone => _body.IsDone;

    /// <summary>It cannot be read to its end, so that no request can follow it.</summary>
    public bool IsBroken { get; set; }

    /// <summary>Reads from a head how the body comes.</summary>
    public void Begin(Http1Exchange exchange)
    {
        var options = connection.Options;
        if (!options.UnderscoresInHeaders && options.IgnoreInvalidHeaders)
            exchange.RequestHeaders.Remove(HeaderFlags.Underscore | HeaderFlags.InvalidName);
        else if (options.IgnoreInvalidHeaders)
            exchange.RequestHeaders.Remove(HeaderFlags.InvalidName);
        var framing = exchange.Version < HttpVersion.Http10
            ? new RequestFraming(Refusal.None, -1, false)
            : RequestFraming.Of(exchange.Version, exchange.RequestHeaders, out _);
        exchange.Frame(framing, -1);
        IsBroken = framing.Refusal != Refusal.None;
        _body = framing.IsChunked
            ? BodyReader.Chunked(options.HeadLimits, refusesBareLf: true)
            : BodyReader.OfLength(Math.Max(0, framing.ContentLength));
    }

    /// <summary>Shows the exchange what came, as far as it wants it now.</summary>
    public void Take(Http1Exchange exchange, ref ReadOnlySpan<byte> rest)
    {
        if (exchange.Wish == BodyWish.None || exchange.IsBodyPaused || exchange.IsOver)
            return;
        if (exchange.IsTunnel)
        {
            var bytes = rest;
            rest = default;
            if (!bytes.IsEmpty)
                exchange.Handler?.Body(exchange, bytes);
            return;
        }
        if (IsBroken || exchange.IsBodyTold)
            return;
        var result = _body.Next(ref rest, _body.IsChunked ? exchange.RequestTrailers : null, out var data);
        connection.Unread = rest.Length;
        switch (result)
        {
            case BodyResult.Data:
                exchange.AddBodyBytes(data.Length);
                if (exchange.Wish == BodyWish.Read)
                    exchange.Handler?.Body(exchange, data);
                break;
            case BodyResult.Done:
                timers.StopReading();
                exchange.IsBodyTold = true;
                if (exchange.Wish == BodyWish.Read)
                    exchange.Handler?.BodyEnded(exchange);
                break;
            case BodyResult.Invalid:
                Fail(exchange, Refusal.InvalidChunkedBody);
                break;
            default:
                if (exchange.Wish == BodyWish.Read)
                    timers.WaitForInput(exchange.Options.ClientBodyTimeoutMs);
                break;
        }
    }

    /// <summary>Tells the exchange that the rest of its body will not come.</summary>
    public void Fail(Http1Exchange exchange, Refusal refusal)
    {
        if (IsBroken)
            return;
        IsBroken = true;
        exchange.KeepsAlive = false;
        timers.StopReading();
        if (!exchange.IsOver && (exchange.Wish == BodyWish.Read || exchange.Status == 0))
            exchange.Handler?.BodyFailed(exchange, refusal);
    }

    /// <summary>Reads away.</summary>
    public BodyResult Discard(ref ReadOnlySpan<byte> rest)
    {
        var trailers = _body.IsChunked ? new HeaderList() : null;
        var result = _body.Next(ref rest, trailers, out _);
        trailers?.Clear();
        return result;
    }
}
