namespace Microcosm.Testing;

/// <summary>Tests that share one world a class. It is reset before each of them, which takes milliseconds and keeps the ports.</summary>
/// <typeparam name="TFixture">What the world consists of.</typeparam>
public abstract class SharedWorldTests<TFixture>(TFixture fixture) : IClassFixture<TFixture>, IAsyncLifetime
    where TFixture : WorldFixture
{
    /// <summary>The fixture, for what it adds to the world: clients, connection strings.</summary>
    protected TFixture Fixture => fixture;

    /// <summary>The world that all tests of the class share.</summary>
    protected World World => fixture.World;

    /// <summary>Resets the world.</summary>
    public virtual async ValueTask InitializeAsync() => await fixture.ResetAsync();

    /// <summary>Tells about the world if the test failed.</summary>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        fixture.ReportIfFailed();
        return ValueTask.CompletedTask;
    }
}
