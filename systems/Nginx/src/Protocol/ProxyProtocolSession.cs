using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>A connection that begins with a PROXY protocol header; the session behind it sees what follows.</summary>
/// <param name="read">Told the header; gives the session that goes on.</param>
/// <param name="failed">Told why there is none.</param>
/// <param name="closed">Told that the connection is gone before there was a session.</param>
internal sealed class ProxyProtocolSession(
    SessionTransport transport, Deadlines deadlines, long timeoutMs, Func<ProxyProtocol?, Session> read, Action<string> failed,
    Action closed) : Session
{
    private Session? _inner;
    private Timeout? _timeout;

    public override Memory<byte> Room => _inner?.Room ?? default;

    /// <summary>Begins to wait for the header.</summary>
    public ProxyProtocolSession Begin()
    {
        _timeout = new Timeout(this);
        deadlines.Set(_timeout, timeoutMs);
        return this;
    }

    public override int Receive(ReadOnlySpan<byte> input)
    {
        if (_inner is not null)
            return _inner.Receive(input);
        if (transport.IsClosed)
            return input.Length;
        var length = ProxyProtocolParser.Read(input, out var header, out var error);
        if (error is not null)
        {
            failed(error);
            transport.Close();
            return input.Length;
        }
        if (length == 0)
            return 0;
        StopWaiting();
        _inner = read(header);
        return length + (length < input.Length ? _inner.Receive(input[length..]) : 0);
    }

    public override void Filled(int count) => _inner!.Filled(count);

    public override void InputEnded(SessionTransport ended)
    {
        if (_inner is not null)
            _inner.InputEnded(ended);
        else
            ended.Close();
    }

    public override void PeerLeft() => _inner?.PeerLeft();

    public override void Drained() => _inner?.Drained();

    public override void Closed(Exception? error)
    {
        StopWaiting();
        if (_inner is not null)
            _inner.Closed(error);
        else
            closed();
    }

    private void StopWaiting()
    {
        if (_timeout is null)
            return;
        deadlines.Remove(_timeout);
        _timeout = null;
    }

    private void TimedOut()
    {
        failed("client timed out (110: Connection timed out)");
        transport.Close();
    }

    private sealed class Timeout(ProxyProtocolSession session) : Deadline
    {
        protected override void Expired() => session.TimedOut();
    }
}
