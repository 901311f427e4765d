namespace Microcosm.Simulation.Tests.Checking;

public class Durability
{
    private readonly DurabilityChecker<string> _log = new();

    private void Write(params string[] values)
    {
        foreach (var value in values)
        {
            _log.Begin(value);
            _log.Acknowledge(value);
        }
    }

    private DurabilityViolationKind[] Kinds(params string[] found) => [.. _log.Check(found).Select(v => v.Kind)];

    [Fact]
    public void What_was_acknowledged_and_is_there_in_order_is_kept()
    {
        Write("a", "b", "c");
        Assert.Empty(Kinds("a", "b", "c"));
        _log.ThrowUnlessKept(["a", "b", "c"]);
    }

    [Fact]
    public void An_acknowledged_write_must_be_there()
    {
        Write("a", "b");
        Assert.Equal([DurabilityViolationKind.Lost], Kinds("a"));
        var failure = Assert.Throws<CheckFailedException>(() => _log.ThrowUnlessKept(["a"]));
        Assert.Equal("durability.lost", failure.Kind);
        Assert.Contains("b (begun 0.003 s, acknowledged 0.004 s) is gone", failure.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_write_of_unknown_outcome_may_be_there_or_not()
    {
        Write("a");
        _log.Begin("b");
        Assert.Empty(Kinds("a"));
        Assert.Empty(Kinds("a", "b"));
    }

    [Fact]
    public void What_nobody_wrote_must_not_be_there()
    {
        Write("a");
        Assert.Equal([DurabilityViolationKind.Invented], Kinds("a", "z"));
    }

    [Fact]
    public void A_refused_write_must_not_be_there()
    {
        _log.Begin("a");
        _log.Refuse("a");
        Assert.Equal([DurabilityViolationKind.Invented], Kinds("a"));
    }

    [Fact]
    public void A_retried_write_must_be_there_once()
    {
        Write("a");
        Assert.Equal([DurabilityViolationKind.Duplicated], Kinds("a", "a"));
    }

    [Fact]
    public void A_write_acknowledged_before_another_began_must_stand_before_it()
    {
        Write("a", "b", "c");
        Assert.Equal([DurabilityViolationKind.Reordered], Kinds("a", "c", "b"));
        Assert.Empty(_log.Check(["a", "c", "b"], ordered: false));
    }

    [Fact]
    public void Overlapping_writes_may_stand_in_either_order()
    {
        _log.Begin("a");
        _log.Begin("b");
        _log.Acknowledge("a");
        _log.Acknowledge("b");
        Assert.Empty(Kinds("b", "a"));
        Assert.Empty(Kinds("a", "b"));
    }

    [Fact]
    public void An_unknown_write_must_not_stand_before_what_was_acknowledged_before_it_began()
    {
        Write("a");
        _log.Begin("b");
        Assert.Equal([DurabilityViolationKind.Reordered], Kinds("b", "a"));
    }
}
