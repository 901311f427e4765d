using Microcosm.Runtime;

namespace Microcosm.Consensus;

/// <summary>
/// A leader sends its latest snapshot to a follower that needs entries which are not kept any more (paper 7). Invariant: one part is under
/// way to a follower at a time, read when it is sent.
/// </summary>
internal static class SnapshotSending
{
    public static void Begin(RaftState s, Progress follower)
    {
        Invariant.Check(s.View.Snapshot.Index >= s.Log.BaseIndex);
        follower.SendSnapshot(s.View.Snapshot);
        SendPart(s, follower);
    }

    /// <summary>The follower says where to go on.</summary>
    public static void Answered(RaftState s, RaftMessage m)
    {
        if (!s.Lead!.Followers.TryGetValue(m.From, out var follower) || follower.Snapshot is not { } snapshot || snapshot.Index != m.Index)
            return;
        follower.SnapshotOffset = m.Offset;
        SendPart(s, follower);
    }

    /// <summary>A part, or the answer to it, may be lost.</summary>
    public static void Retry(RaftState s, Progress follower)
    {
        if (follower.State == ProgressState.Snapshot && s.NowUs - follower.ChunkSentAtUs >= s.Options.ElectionTimeoutUs)
            SendPart(s, follower);
    }

    private static void SendPart(RaftState s, Progress follower)
    {
        // The storage keeps only the latest: a newer one is sent from its beginning.
        var snapshot = s.View.Snapshot;
        if (follower.Snapshot!.Index != snapshot.Index)
            follower.SendSnapshot(snapshot);
        var length = s.View.SnapshotBytes;
        var offset = Math.Min(follower.SnapshotOffset, length);
        var data = new byte[Math.Min(s.Options.SnapshotChunkBytes, length - offset)];
        Invariant.Check(s.View.ReadSnapshot(offset, data) == data.Length);
        follower.ChunkSentAtUs = s.NowUs;
        s.Out.Send(s.Message(MessageKind.Snapshot, follower.Id) with
        {
            Index = snapshot.Index, LogTerm = snapshot.Term, Membership = snapshot.Membership, Offset = offset, Data = data,
            IsLast = offset + data.Length == length, Round = s.Lead!.Rounds.Current,
        });
    }
}
