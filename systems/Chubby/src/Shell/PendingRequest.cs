using Microcosm.Runtime;

namespace Microcosm.Chubby;

/// <summary>A request that waits for its turn to be answered: a connection answers in the order it was asked.</summary>
internal sealed class PendingRequest(int xid, Operation<ZooKeeperOperationAttribute, ZooKeeperHandler> operation, byte[] body)
{
    public int Xid { get; } = xid;

    public Operation<ZooKeeperOperationAttribute, ZooKeeperHandler> Operation { get; } = operation;

    /// <summary>Its fields, kept since the input is gone by the time it is carried out.</summary>
    public byte[] Body { get; } = body;

    /// <summary>When it came, on the clock that counts from anywhere.</summary>
    public long CameMs { get; init; }

    /// <summary>The member's number for the change it proposes.</summary>
    public long Number { get; set; }

    /// <summary>What it puts before the cell; null for what is answered from what is here.</summary>
    public Change? Change { get; set; }

    /// <summary>Writes a good outcome's fields.</summary>
    public Action<ChangeResult, JuteWriter>? WriteResult { get; set; }

    /// <summary>The session that it is for, where that is not the connection's yet.</summary>
    public long SessionId { get; set; }

    /// <summary>What became of the change.</summary>
    public AppliedChange? Applied { get; set; }

    /// <summary>Writes the reply's fields once <see cref="IsDone"/>, of what is neither a change nor a plain read.</summary>
    public Action<JuteWriter>? WriteLater { get; set; }

    public bool IsDone { get; set; }

    /// <summary>It was refused before it could be proposed.</summary>
    public ZooError Refusal { get; set; }

    /// <summary>What is to fail about it.</summary>
    public OperationFault Fault { get; set; }

    /// <summary>While somebody watches.</summary>
    public OperationSpan? Span { get; set; }
}
