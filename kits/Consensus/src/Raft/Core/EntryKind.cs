namespace Microcosm.Consensus;

/// <summary>What an entry is for.</summary>
internal enum EntryKind : byte
{
    /// <summary>Nothing: a leader's first, by which it commits what came before (paper 8). It goes to no state machine.</summary>
    Empty = 0,

    /// <summary>A command for the state machine.</summary>
    Command = 1,

    /// <summary>Who is in the group from this entry on: an encoded <see cref="Membership"/>.</summary>
    Membership = 2,
}
