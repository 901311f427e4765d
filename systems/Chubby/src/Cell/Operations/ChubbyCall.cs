using Microcosm.Chubby.Client;
using Microcosm.Runtime;

namespace Microcosm.Chubby.Cell;

/// <summary>One call while it is carried out.</summary>
internal sealed class ChubbyCall(CellMaster master, CellConnection connection, long id,
    Operation<ChubbyOperationAttribute, ChubbyHandler> operation, long session, long epoch, byte[] body)
{
    public CellMaster Master { get; } = master;

    public CellConnection Connection { get; } = connection;

    /// <summary>The client's number for it.</summary>
    public long Id { get; } = id;

    public Operation<ChubbyOperationAttribute, ChubbyHandler> Operation { get; } = operation;

    public long SessionId { get; } = session;

    public long Epoch { get; } = epoch;

    /// <summary>The fields.</summary>
    public byte[] Body { get; } = body;

    /// <summary>The reply's fields.</summary>
    public JuteWriter Reply { get; } = new(64);

    /// <summary>When it came, on the steady clock.</summary>
    public long ReceivedAt { get; } = master.Context.Clock.GetTimestamp();

    public OperationFault Fault { get; set; }

    /// <summary>The handle that the first field names, if its session has it.</summary>
    public FileHandle? Handle => Body.Length < 8 ? null : Master.Files.Find(SessionId, HandleId);

    public long HandleId => new JuteReader(Body).Long();

    /// <summary>What a change came to, as the call's answer; <paramref name="write"/> fills the reply of a good one.</summary>
    public ChubbyError Answer(CellReply reply, Action<CellReply, JuteWriter>? write = null)
    {
        if (reply.Error == ChubbyError.Ok)
            write?.Invoke(reply, Reply);
        return reply.Error;
    }
}
