using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Specimen;

/// <summary>One connection: reads lines, has them carried out in order, and closes when a line is none.</summary>
internal sealed class SpecimenSession(
    SpecimenNode node, Dispatcher dispatcher, SpecimenOptions options, SessionTransport transport) : Session
{
    private readonly bool _isCounted = node.Context.Telemetry.ConnectionOpened();
    private long _outputEnd = long.MaxValue;
    private bool _closes;
    private ITimer? _hold;

    /// <summary>So far replies are written that may leave.</summary>
    public long ReplyEnd => Math.Min(transport.Output.Position, _outputEnd);

    public override int Receive(ReadOnlySpan<byte> input)
    {
        var taken = 0;
        while (!_closes && _hold is null && transport.PendingBytes < transport.HighWater)
        {
            var found = LineReader.Read(input[taken..], options.LineBytesMax, out var line, out var length);
            if (found == LineParse.NeedMore)
                break;
            if (found == LineParse.Line)
                Carry(line);
            else if (found == LineParse.TooLong)
                CloseWith(SpecimenErrors.LineTooLong(options.LineBytesMax));
            else
                CloseWith(SpecimenErrors.NotText);
            taken += length;
        }
        if (_hold is not null || transport.PendingBytes >= transport.HighWater)
            transport.PauseInput();
        node.Touch(this);
        return _closes ? input.Length : taken;
    }

    public override void Drained() => transport.ResumeInput();

    // Replies to what came before are still owed; they leave when the turn ends.
    public override void InputEnded(SessionTransport ended)
    {
        _closes = true;
        node.Touch(this);
    }

    public override void Closed(Exception? error)
    {
        _hold?.Dispose();
        if (_isCounted)
            node.Context.Telemetry.ConnectionClosed();
        node.Gone(this);
    }

    /// <summary>What was promised up to there is safe.</summary>
    public void Release(long end)
    {
        if (_hold is not null || transport.IsClosed)
            return;
        transport.Release(end);
        if (_closes && end >= ReplyEnd)
            transport.Close();
    }

    private void Carry(string line)
    {
        var before = transport.Output.Position;
        var fault = dispatcher.Run(line, transport);
        switch (fault.Action)
        {
            case OperationFaultAction.DropReply or OperationFaultAction.KillNode or OperationFaultAction.CloseBefore:
                (_outputEnd, _closes) = (before, true);
                break;
            case OperationFaultAction.Delay:
                _hold = node.Context.Clock.CreateTimer(
                    _ => Resume(), null, TimeSpan.FromMilliseconds(fault.DelayMs), Timeout.InfiniteTimeSpan);
                break;
        }
    }

    private void Resume()
    {
        _hold?.Dispose();
        _hold = null;
        transport.ResumeInput();
        node.Touch(this);
    }

    private void CloseWith(string error)
    {
        transport.Output.Write(Encoding.UTF8.GetBytes($"ERR {error}\n"));
        _closes = true;
    }
}
