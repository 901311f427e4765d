namespace Microcosm.Testing;

/// <summary>What a line of a <see cref="Transcript"/> does.</summary>
public enum TranscriptMark
{
    /// <summary><c>&gt; REQUEST</c>: asks and takes the reply.</summary>
    Ask,

    /// <summary><c>&amp; REQUEST</c>: asks; a line with <c>&lt;</c> takes the reply later, and there is none below.</summary>
    Begin,

    /// <summary><c>&lt;</c>: takes what the client is owed, or told without asking.</summary>
    Take,
}
