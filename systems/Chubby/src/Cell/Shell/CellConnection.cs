using System.Buffers.Binary;
using System.Text;
using Microcosm.Chubby.Client;
using Microcosm.Runtime;

namespace Microcosm.Chubby.Cell;

/// <summary>
/// One connection of Chubby's own protocol. A frame is its length (4 bytes, big-endian), the client's number for the call (8), the
/// operation (4), the session (8), the epoch (8) and the operation's fields in jute's form; a reply is length, number, error (4), epoch
/// and fields. Replies come in any order.
/// </summary>
internal sealed class CellConnection(CellMaster master, SessionTransport transport, Identity address) : Session
{
    private const int HeadBytes = 28;

    private int _underWay;

    public Identity[] Identities { get; } = [address];

    public bool IsClosed { get; private set; }

    private bool IsBusy => _underWay >= CellLimits.CallsMax || transport.PendingBytes > SessionTransport.HighWaterBytes;

    public override int Receive(ReadOnlySpan<byte> input)
    {
        var taken = 0;
        while (!IsClosed && !IsBusy && input.Length - taken >= 4)
        {
            var rest = input[taken..];
            var length = BinaryPrimitives.ReadInt32BigEndian(rest);
            if (length is < HeadBytes or > CellLimits.FrameBytesMax)
            {
                master.Context.Log.Write(LogSeverity.Warning, $"a frame of {length} bytes from {transport.Remote}: closing");
                Close();
                return input.Length;
            }
            if (rest.Length - 4 < length)
                break;
            Take(rest.Slice(4, length));
            taken += 4 + length;
        }
        if (IsBusy)
            transport.PauseInput();
        return IsClosed ? input.Length : taken;
    }

    public override void Drained() => GoOn();

    public override void Closed(Exception? error)
    {
        IsClosed = true;
        master.Forget(this);
    }

    private void Close()
    {
        IsClosed = true;
        transport.Close();
    }

    private void Take(ReadOnlySpan<byte> frame)
    {
        var reader = new JuteReader(frame);
        var (id, number, session, epoch) = (reader.Long(), reader.Int(), reader.Long(), reader.Long());
        if (ChubbyOperations.Find(number) is not { } operation)
        {
            Write(id, ChubbyError.BadRequest, []);
            return;
        }
        _underWay++;
        Carry(new ChubbyCall(master, this, id, operation, session, epoch, frame[HeadBytes..].ToArray()));
    }

    // async void: what goes wrong in here is a bug, and ends the node.
    private async void Carry(ChubbyCall call)
    {
        var telemetry = master.Context.Telemetry;
        var span = telemetry.IsObserved ? telemetry.Begin(call.Operation.FullName, call.Operation.Declaration.Name) : (OperationSpan?)null;
        if (master.Context.Faults.HasOperationRules)
        {
            call.Fault = master.Context.Faults.Decide(new OperationCall(call.Operation.FullName, master.Context.Name,
                transport.ConnectionId, Encoding.UTF8.GetBytes($"0x{call.SessionId:x}"), Encoding.UTF8.GetBytes(Target(call))));
            if (span is { } begun && call.Fault.Action != OperationFaultAction.None)
                telemetry.Fault(begun, call.Fault);
        }
        var error = await ExecuteAsync(call);
        if (call.Fault.Action == OperationFaultAction.Delay)
            await Task.Delay(TimeSpan.FromMilliseconds(call.Fault.DelayMs), master.Context.Clock);
        _underWay--;
        if (span is { } open)
            telemetry.End(open, error == ChubbyError.Ok ? null : error.ToString(), error == ChubbyError.Ok ? null : error.ToString());
        if (IsClosed)
            return;
        if (call.Fault.Action is OperationFaultAction.CloseBefore or OperationFaultAction.DropReply or OperationFaultAction.KillNode)
        {
            Close();
            return;
        }
        Write(call.Id, error, error == ChubbyError.Ok ? call.Reply.Written : []);
        GoOn();
    }

    private void GoOn()
    {
        if (!IsBusy)
            transport.ResumeInput();
    }

    private static async ValueTask<ChubbyError> ExecuteAsync(ChubbyCall call)
    {
        if (call.Fault.Action == OperationFaultAction.CloseBefore)
            return ChubbyError.OutcomeUnknown;
        if (call.Fault.Action == OperationFaultAction.Refuse)
            return Enum.TryParse<ChubbyError>(call.Fault.Error, ignoreCase: true, out var refusal) ? refusal : ChubbyError.BadRequest;
        var epoch = call.Master.Epoch;
        if (epoch == 0)
            return ChubbyError.NotMaster;
        if (!call.Operation.Declaration.IsOutsideEpoch)
        {
            if (epoch != call.Epoch)
                return ChubbyError.WrongEpoch;
            if (!call.Master.HasSession(call.SessionId))
                return ChubbyError.SessionExpired;
        }
        try
        {
            return await call.Operation.Handler(call);
        }
        catch (JuteException e)
        {
            call.Master.Context.Log.Write(LogSeverity.Warning, $"{call.Operation.FullName}: {e.Message}");
            return ChubbyError.BadRequest;
        }
    }

    private static string Target(ChubbyCall call)
    {
        if (call.Operation.Declaration.Number is not (CallNumber.Open or CallNumber.Create))
            return call.Handle?.Path ?? "";
        try
        {
            var reader = new JuteReader(call.Body);
            reader.Long();
            return reader.String();
        }
        catch (JuteException)
        {
            return "";
        }
    }

    private void Write(long id, ChubbyError error, ReadOnlySpan<byte> fields)
    {
        Span<byte> head = stackalloc byte[24];
        BinaryPrimitives.WriteInt32BigEndian(head, 20 + fields.Length);
        BinaryPrimitives.WriteInt64BigEndian(head[4..], id);
        BinaryPrimitives.WriteInt32BigEndian(head[12..], (int)error);
        BinaryPrimitives.WriteInt64BigEndian(head[16..], master.Epoch);
        transport.Output.Write(head);
        transport.Output.Write(fields);
        transport.ReleaseAll();
    }
}
