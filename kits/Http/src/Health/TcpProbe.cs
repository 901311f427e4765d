using System.Net;
using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>A server is healthy that takes connections.</summary>
/// <param name="options">How they are opened.</param>
public sealed class TcpProbe(ConnectOptions options) : HealthProbe
{
    /// <inheritdoc/>
    public override IHealthAttempt Begin(HttpWorker worker, EndPoint peer, Action<HealthResult> done)
    {
        var attempt = new Attempt(done);
        attempt.Pending = worker.Connect(peer, options, attempt);
        return attempt;
    }

    private sealed class Attempt(Action<HealthResult> done) : IHealthAttempt, IConnectHandler
    {
        private bool _isOver;

        public IPendingConnect? Pending { get; set; }

        public Session? Connected(SessionTransport transport)
        {
            Tell(new HealthResult(null));
            return null;
        }

        public void Failed(ConnectFailedException error) => Tell(new HealthResult("connecting"));

        public void Cancel()
        {
            _isOver = true;
            Pending!.Cancel();
        }

        private void Tell(HealthResult result)
        {
            if (_isOver)
                return;
            _isOver = true;
            done(result);
        }
    }
}
