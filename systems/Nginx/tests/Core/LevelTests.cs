namespace Microcosm.Nginx.Tests;

public sealed class LevelTests
{
    private static readonly Setting<int> s_number = new("number", 7);
    private static readonly Setting<string?> s_word = new("word", null);

    [Fact]
    public void A_sealed_level_says_what_it_said_before()
    {
        var (outer, inner) = Levels();
        outer.Set(s_number, 8);
        Assert.Equal((8, null), (inner.Get(s_number), inner.Get(s_word)));
        inner.Set<string?>(s_word, "own");
        outer.Seal();
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal((8, "own"), (inner.Get(s_number), inner.Get(s_word)));
            Assert.Equal((8, null), (outer.Get(s_number), outer.Get(s_word)));
        }
    }

    [Fact]
    public void What_no_level_has_is_the_fallback_also_when_it_is_remembered()
    {
        var (outer, inner) = Levels();
        outer.Seal();
        Assert.Equal((7, 7, null, null), (inner.Get(s_number), inner.Get(s_number), inner.Get(s_word), inner.Get(s_word)));
    }

    [Fact]
    public void What_follows_from_settings_is_worked_out_once_where_they_hold_for_good()
    {
        var made = 0;
        var derived = new Derived<string>(level => $"{level.Get(s_number)} {++made}");
        var (outer, inner) = Levels();
        Assert.Equal(("7 1", "7 2"), (inner.Get(derived), inner.Get(derived)));
        outer.Set(s_number, 8);
        outer.Seal();
        Assert.Equal(("8 3", "8 3", "8 4"), (inner.Get(derived), inner.Get(derived), outer.Get(derived)));
    }

    [Fact]
    public void A_sealed_level_takes_nothing_more()
    {
        var (outer, inner) = Levels();
        outer.Seal();
        Assert.Throws<Runtime.InvariantException>(() => inner.Set(s_number, 1));
    }

    private static (Level Outer, Level Inner) Levels()
    {
        var outer = new Level(null, Contexts.Http);
        return (outer, new Level(outer, Contexts.Server));
    }
}
