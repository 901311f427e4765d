using Microcosm.Http;
using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary><c>proxy_limit_rate</c>: reads a response from its server at a pace, by waiting after each piece for as long as it is
/// worth.</summary>
internal sealed class UpstreamPace : Deadline
{
    private readonly Deadlines _deadlines;
    private readonly Action _goOn;
    private readonly long _rate;
    private readonly long _beganMs;
    private long _received;

    private UpstreamPace(Deadlines deadlines, long rate, Action goOn) =>
        (_deadlines, _rate, _goOn, _beganMs) = (deadlines, rate, goOn, deadlines.NowMs);

    /// <summary>Null: there is no limit.</summary>
    /// <param name="goOn">Told when the time of a wait is over.</param>
    public static UpstreamPace? TryBegin(HttpRequest request, ProxySettings settings, UpstreamExchange upstream, Action goOn)
    {
        if (settings.LimitRate is not { } given)
            return null;
        var rate = given.Value is not { } value ? given.Size
            : Math.Max(0, Measures.Size(Latin1.Text(value.Evaluate(request.Values).Span)) ?? 0);
        if (rate == 0)
            return null;
        upstream.PieceBytesMax = (int)Math.Min(int.MaxValue, rate);
        return new UpstreamPace(request.Worker.Http.Deadlines, rate, goOn);
    }

    /// <summary>A piece came. True: the next is to wait.</summary>
    public bool Waits(int bytes)
    {
        _received += bytes;
        var early = _received * 1000 / _rate - (_deadlines.NowMs - _beganMs);
        if (early <= 0)
            return false;
        _deadlines.Set(this, early);
        return true;
    }

    public void Stop() => _deadlines.Remove(this);

    protected override void Expired() => _goOn();
}
