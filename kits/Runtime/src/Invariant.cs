using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Microcosm.Runtime;

/// <summary>
/// Checks that are always on. A violated invariant is a bug: it ends the node it happened in, not the process;
/// the supervisor restarts the node from its disk.
/// </summary>
public static class Invariant
{
    /// <summary>Throws <see cref="InvariantException"/> when <paramref name="holds"/> is false.</summary>
    public static void Check([DoesNotReturnIf(false)] bool holds, [CallerArgumentExpression(nameof(holds))] string? what = null)
    {
        if (!holds)
            Fail(what ?? "invariant");
    }

    /// <summary>Reports a state that must not occur.</summary>
    [DoesNotReturn]
    public static void Fail(string what) => throw new InvariantException(what);
}
