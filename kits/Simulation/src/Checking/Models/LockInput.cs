namespace Microcosm.Simulation;

/// <summary>An operation on a lock.</summary>
/// <param name="Key">Which lock.</param>
/// <param name="Token">For a release: the token that the acquisition answered.</param>
public readonly record struct LockInput(LockCall Call, string Key, long Token = 0)
{
    public static LockInput Acquire(string key) => new(LockCall.Acquire, key);

    public static LockInput Release(string key, long token) => new(LockCall.Release, key, token);
}
