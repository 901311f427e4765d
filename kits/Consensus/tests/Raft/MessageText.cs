using System.Text;

namespace Microcosm.Consensus.Tests.Raft;

/// <summary>Messages and entries as scripts show them; an entry is named index/term.</summary>
internal static class MessageText
{
    public static string Of(RaftEntry entry) => $"{entry.Index}/{entry.Term}" + entry.Kind switch
    {
        EntryKind.Command => " " + Encoding.UTF8.GetString(entry.Data.Span),
        EntryKind.Membership => " members " + Membership.TryDecode(entry.Data.Span),
        _ => "",
    };

    public static string Of(RaftMessage m)
    {
        var text = $"{m.From}->{m.To} {m.Kind} term {m.Term}";
        text += m.Kind switch
        {
            MessageKind.PreVote or MessageKind.Vote => $" last {m.Index}/{m.LogTerm}" + (m.IsForced ? " forced" : ""),
            MessageKind.PreVoteResponse or MessageKind.VoteResponse => m.IsReject ? " no" : " yes",
            MessageKind.Append => $" after {m.Index}/{m.LogTerm} commit {m.Commit}"
                + (m.Entries.Count > 0 ? $" [{string.Join(", ", m.Entries.Select(Of))}]" : ""),
            MessageKind.AppendResponse => m.IsReject ? $" no {m.Index}, try {m.Hint}/{m.HintTerm}" : $" has {m.Index}",
            MessageKind.Heartbeat => $" commit {m.Commit} round {m.Round}",
            MessageKind.HeartbeatResponse => $" round {m.Round}",
            MessageKind.Snapshot => $" {m.Index}/{m.LogTerm} at {m.Offset}, {m.Data.Length} bytes" + (m.IsLast ? ", the last" : ""),
            MessageKind.SnapshotResponse => $" {m.Index} go on at {m.Offset}",
            MessageKind.ReadIndex => $" read {m.Context}",
            MessageKind.ReadIndexResponse => $" read {m.Context} at {m.Index}",
            _ => "",
        };
        return text;
    }
}
