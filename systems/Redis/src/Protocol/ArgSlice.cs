namespace Microcosm.Redis;

/// <summary>Where one argument lies in the bytes of a request.</summary>
internal readonly record struct ArgSlice(int Start, int Length);
