using System.Net;
using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Http.Tests;

/// <summary>
/// A transport in memory: what the peer sends is shown at once and kept while the session does not take it; what is released lies ready
/// for the peer, unless it does not read.
/// </summary>
internal sealed class TestTransport(NodeExecutor executor) : SessionTransport(new OutputBuffer())
{
    private readonly StringBuilder _sent = new();
    private readonly List<byte> _kept = [];
    private bool _isPaused;
    private bool _endsInput;
    private bool _isAboveHighWater;

    public Session? Session { get; set; }

    public override EndPoint Remote { get; } = new NodeEndPoint("client", 50_000);

    public override EndPoint Local { get; } = new NodeEndPoint("server", 80);

    public override bool IsClosed => State is "closed" or "aborted";

    /// <summary>open, half-closed (output ended), closed, aborted.</summary>
    public string State { get; private set; } = "open";

    /// <summary>The peer takes nothing.</summary>
    public bool IsStuck { get; set; }

    public bool IsPaused => _isPaused;

    /// <summary>What the peer has got since this was asked last, byte for byte as Latin-1.</summary>
    public string TakeSent()
    {
        Flush();
        var sent = _sent.ToString();
        _sent.Clear();
        return sent;
    }

    public void Send(string text) => Send(Encoding.Latin1.GetBytes(text));

    public void Send(ReadOnlySpan<byte> bytes)
    {
        if (IsClosed)
            return;
        _kept.AddRange(bytes);
        Show();
    }

    public void EndInput()
    {
        _endsInput = true;
        if (_isPaused)
        {
            Session!.PeerLeft();
            return;
        }
        if (!IsClosed)
            Session!.InputEnded(this);
    }

    public override void Close() => End("closed", null);

    public override void Abort() => End("aborted", null);

    public void Reset() => End("aborted", new IOException("reset"));

    public override void PauseInput() => _isPaused = true;

    public override void ResumeInput()
    {
        if (!_isPaused)
            return;
        _isPaused = false;
        ShowLeftover();
    }

    public override void EndOutput()
    {
        if (State == "open")
            State = "half-closed";
    }

    public override void ShowLeftover() => executor.Post(() =>
    {
        Show();
        if (_endsInput && !_isPaused && !IsClosed)
            Session!.InputEnded(this);
    });

    /// <summary>Moves what is released to the peer.</summary>
    public void Flush()
    {
        _isAboveHighWater |= Output.Length > HighWater;
        for (var left = Released - (Output.Position - Output.Length); left > 0 && !IsStuck;)
        {
            var front = Output.Front(left);
            _sent.Append(Encoding.Latin1.GetString(front.Span));
            Output.Consume(front.Length);
            left -= front.Length;
        }
        if (!_isAboveHighWater || Output.Length >= HighWater / 4)
            return;
        _isAboveHighWater = false;
        Session!.Drained();
    }

    protected override void ScheduleSend()
    {
    }

    private void Show()
    {
        if (_isPaused || IsClosed || _kept.Count == 0)
            return;
        var taken = Session!.Receive(_kept.ToArray());
        Invariant.Check(taken <= _kept.Count);
        _kept.RemoveRange(0, Math.Min(taken, _kept.Count));
    }

    private void End(string state, Exception? error)
    {
        if (IsClosed)
            return;
        if (state == "closed")
            Flush();
        State = state;
        executor.Post(() =>
        {
            Output.Clear();
            Session!.Closed(error);
        });
    }
}
