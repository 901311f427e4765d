using System.Net;
using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>
/// Checks one server again and again, on a worker's executor: steps a <see cref="HealthCheck"/> with the worker's time and the probe's
/// results.
/// </summary>
public sealed class HealthChecker : Deadline
{
    private readonly HttpWorker _worker;
    private readonly EndPoint _peer;
    private readonly HealthProbe _probe;
    private readonly Func<double> _draw;
    private readonly Action<HealthChecker, HealthResult, bool> _told;
    private IHealthAttempt? _attempt;

    /// <summary>It begins with <see cref="Begin"/>.</summary>
    /// <param name="draw">A lot from 0 to 1.</param>
    /// <param name="told">Each result, and whether the state is another now.</param>
    public HealthChecker(HttpWorker worker, EndPoint peer, HealthProbe probe, HealthCheckOptions options, Func<double> draw,
        Action<HealthChecker, HealthResult, bool> told)
    {
        (_worker, _peer, _probe, _draw, _told) = (worker, peer, probe, draw, told);
        Check = new HealthCheck(options, worker.Deadlines.NowMs);
    }

    /// <summary>What is known of the server.</summary>
    public HealthCheck Check { get; }

    /// <summary>The first check begins.</summary>
    public void Begin() => Expired();

    /// <summary>No check any more.</summary>
    public void End()
    {
        _attempt?.Cancel();
        _attempt = null;
        _worker.Deadlines.Remove(this);
    }

    /// <inheritdoc/>
    protected override void Expired()
    {
        if (Check.IsUnderWay)
        {
            _attempt!.Cancel();
            Tell(new HealthResult("waiting for the response"));
            return;
        }
        Check.Begin(_worker.Deadlines.NowMs);
        Wait();
        _attempt = _probe.Begin(_worker, _peer, Tell);
    }

    private void Tell(HealthResult result)
    {
        _attempt = null;
        var isOther = Check.End(result.HasPassed, _worker.Deadlines.NowMs, _draw());
        Wait();
        _told(this, result, isOther);
    }

    private void Wait() => _worker.Deadlines.Set(this, Check.DueMs - _worker.Deadlines.NowMs);
}
