namespace Microcosm.Tidy.Tests;

/// <summary>What a rule found, shown whole: Assert.Empty shows five.</summary>
internal static class Findings
{
    public static void None(IEnumerable<string> findings)
    {
        var all = findings.ToArray();
        if (all.Length > 0)
            Assert.Fail($"{all.Length} found:\n{string.Join('\n', all)}");
    }
}
