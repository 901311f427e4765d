namespace Microcosm.Testing;

/// <summary>Tests of which each has a world of its own: for what a reset does not undo, and for tests that run side by side.</summary>
/// <typeparam name="TFixture">What the worlds consist of.</typeparam>
public abstract class OwnWorldTests<TFixture> : IAsyncLifetime
    where TFixture : WorldFixture, new()
{
    /// <summary>The fixture of this test.</summary>
    protected TFixture Fixture { get; } = new();

    /// <summary>The world of this test.</summary>
    protected World World => Fixture.World;

    /// <summary>Starts the world.</summary>
    public virtual ValueTask InitializeAsync() => Fixture.InitializeAsync();

    /// <summary>Tells about the world if the test failed, and stops it.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Fixture.ReportIfFailed();
        await Fixture.DisposeAsync();
    }
}
