using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// A rate over the last samples, as Kafka's Rate measures it: the current sample counts for as long as it has run, and whole windows of
/// silence before the first are counted in. Invariant: the rate is measured over at least all windows but one.
/// </summary>
/// <param name="samples">How many windows are looked at, the current one included.</param>
internal sealed class RateWindow(int samples, int windowMs)
{
    // One more than is looked at: the oldest overlaps the time that counts and is kept until it is all outside.
    private readonly Sample[] _samples = new Sample[samples + 1];
    private int _count;
    private int _current;
    private long _lastMs;

    public void Record(double value, long nowMs)
    {
        if (_count == 0)
            _samples[_count++] = new Sample(nowMs);
        else if (nowMs - _samples[_current].StartMs >= windowMs)
            Advance(nowMs);
        ref var sample = ref _samples[_current];
        sample.Value += value;
        sample.LastMs = _lastMs = nowMs;
    }

    /// <summary>How long to wait until the rate is within the limit, in ms; 0 if it is.</summary>
    /// <param name="limitPerSecond">Above 0.</param>
    public long ThrottleMs(double limitPerSecond, long nowMs)
    {
        Forget(nowMs);
        var (sum, oldestMs) = (0.0, nowMs);
        for (var i = 0; i < _count; i++)
        {
            sum += _samples[i].Value;
            oldestMs = Math.Min(oldestMs, _samples[i].StartMs);
        }
        var elapsedMs = nowMs - oldestMs;
        var missing = samples - 1 - elapsedMs / windowMs;
        elapsedMs = Math.Max(1, elapsedMs + Math.Max(0, missing) * windowMs);
        Invariant.Check(elapsedMs >= (samples - 1) * (long)windowMs, "a rate is over all windows but one at least");
        var rate = sum / (elapsedMs / 1000.0);
        return rate <= limitPerSecond ? 0 : (long)Math.Floor((rate - limitPerSecond) / limitPerSecond * elapsedMs + 0.5);
    }

    /// <summary>Whether it says no more than a new one would.</summary>
    public bool IsIdle(long nowMs) => nowMs - _lastMs >= (long)samples * windowMs;

    private void Advance(long nowMs)
    {
        _current = (_current + 1) % _samples.Length;
        _count = Math.Max(_count, _current + 1);
        _samples[_current] = new Sample(nowMs);
    }

    private void Forget(long nowMs)
    {
        if (Bug.IsPlanted("kafka/rate-forgets-nothing"))
            return;
        for (var i = 0; i < _count; i++)
        {
            if (nowMs - _samples[i].LastMs >= (long)samples * windowMs)
                _samples[i] = new Sample(nowMs);
        }
    }

    private record struct Sample(long StartMs)
    {
        public double Value { get; set; }

        public long LastMs { get; set; } = StartMs;
    }
}
