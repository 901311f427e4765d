using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Microcosm.Runtime.Tests;

/// <summary>Hears everything that one system tells, by .NET's own listeners.</summary>
internal sealed class Listening : IDisposable
{
    private readonly ActivityListener _spans;
    private readonly MeterListener _metrics = new();
    private readonly ConcurrentQueue<Activity> _heard = [];
    private readonly ConcurrentQueue<(string Name, double Value, Dictionary<string, object?> Tags)> _measured = [];

    public Listening(string name)
    {
        _spans = new ActivityListener
        {
            ShouldListenTo = source => source.Name == name,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _heard.Enqueue,
        };
        ActivitySource.AddActivityListener(_spans);
        _metrics.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == name)
                listener.EnableMeasurementEvents(instrument);
        };
        _metrics.SetMeasurementEventCallback<long>((i, value, tags, _) => Measured(i, value, tags));
        _metrics.SetMeasurementEventCallback<double>((i, value, tags, _) => Measured(i, value, tags));
        _metrics.Start();
    }

    /// <summary>Spans in the order in which they ended.</summary>
    public IReadOnlyList<Activity> Spans => [.. _heard];

    /// <summary>Sum of one metric over the measurements with this attribute value.</summary>
    public double Sum(string metric, string attribute, string value) =>
        _measured.Where(m => m.Name == metric && Equals(m.Tags.GetValueOrDefault(attribute), value)).Sum(m => m.Value);

    public void Dispose()
    {
        _spans.Dispose();
        _metrics.Dispose();
    }

    private void Measured(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measured.Enqueue((instrument.Name, value, new(tags.ToArray())));
}
