namespace Microcosm.Consensus;

/// <summary>A read that may be answered as soon as everything up to <paramref name="Index"/> is applied.</summary>
/// <param name="Context">The number that <see cref="RaftCore.Read"/> was given.</param>
/// <param name="Index">What it must not miss.</param>
internal readonly record struct ReadState(long Context, long Index);
