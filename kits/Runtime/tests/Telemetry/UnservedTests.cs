namespace Microcosm.Runtime.Tests;

/// <summary>What clients ask for in vain.</summary>
public sealed class UnservedTests
{
    private readonly UnservedOperations _unserved = new();

    [Fact]
    public void The_most_asked_comes_first()
    {
        Ask("LATER", "XADD", "XADD");
        Assert.Equal([new("nodes.XADD", 2), new("nodes.LATER", 1)], _unserved.All);
    }

    [Fact]
    public void What_is_no_name_and_what_comes_after_a_thousand_is_counted_together()
    {
        Ask("", "a\nb", new string('x', 65));
        Assert.Equal([new("nodes.others", 3)], _unserved.All);
        Ask([.. Enumerable.Range(0, 2000).Select(i => $"{i}")]);
        Assert.Equal(1000, _unserved.All.Count);
        Assert.Equal(new("nodes.others", 3 + 1001), _unserved.All[0]);
    }

    private void Ask(params string[] operations)
    {
        var telemetry = new NodeTelemetry(SystemTelemetry.General, "n-1", TimeProvider.System, _unserved);
        foreach (var operation in operations)
            telemetry.Unserved(operation);
    }
}
