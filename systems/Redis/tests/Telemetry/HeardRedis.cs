using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;

namespace Microcosm.Redis.Tests.Telemetry;

/// <summary>A world with a Redis, its time standing still, and listeners to all that it tells.</summary>
internal sealed class HeardRedis : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<Activity> _spans = [];
    private readonly ConcurrentQueue<(string Metric, double Value, Dictionary<string, object?> Tags)> _measured = [];
    private readonly ActivityListener _listener;
    private readonly MeterListener _meters = new();

    private HeardRedis(World world)
    {
        World = world;
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == RedisSystem.Telemetry.Name,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _spans.Enqueue,
        };
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == RedisSystem.Telemetry.Name)
                listener.EnableMeasurementEvents(instrument);
        };
        _meters.SetMeasurementEventCallback<long>((i, value, tags, _) => _measured.Enqueue((i.Name, value, new(tags.ToArray()))));
        _meters.SetMeasurementEventCallback<double>((i, value, tags, _) => _measured.Enqueue((i.Name, value, new(tags.ToArray()))));
    }

    public World World { get; }

    /// <summary>Spans in the order in which they ended.</summary>
    public IReadOnlyList<Activity> Spans => [.. _spans];

    public static async Task<HeardRedis> StartAsync(bool spans = true, bool metrics = false)
    {
        var heard = new HeardRedis(await World.StartAsync(w =>
        {
            w.AddRedis();
            w.Options.Ports = PortPolicy.None;
        }));
        heard.World.Clock.Pause();
        if (spans)
            ActivitySource.AddActivityListener(heard._listener);
        if (metrics)
            heard._meters.Start();
        return heard;
    }

    public ValueTask<Stream> ConnectAsync() => World.ConnectAsync(World.Node("redis-1").Address);

    /// <summary>Sends lines, in one piece, and completes with the first reply as redis-cli prints it; <c>closed</c> if none came.</summary>
    public static async Task<string> AskAsync(Stream client, params string[] lines)
    {
        await client.WriteAsync(Encoding.ASCII.GetBytes(string.Concat(lines.Select(line => line + "\r\n"))));
        await client.FlushAsync();
        return await ReadAsync(client);
    }

    public static async Task<string> ReadAsync(Stream client)
    {
        try
        {
            return await new ReplyPrinter(client).ReadAsync().WaitAsync(Patience);
        }
        catch (Exception e) when (e is EndOfStreamException or IOException)
        {
            return "closed";
        }
    }

    /// <summary>The values that one metric got for one operation, or for all.</summary>
    public double[] Values(string metric, string? operation = null) =>
        [.. _measured.Where(m => m.Metric == metric
            && (operation is null || Equals(m.Tags.GetValueOrDefault("microcosm.operation"), operation))).Select(m => m.Value)];

    public async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();
        _listener.Dispose();
        _meters.Dispose();
    }
}
