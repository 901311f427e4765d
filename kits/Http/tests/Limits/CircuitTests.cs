namespace Microcosm.Http.Tests;

/// <summary>What a cluster may have under way.</summary>
public sealed class CircuitTests
{
    private const CircuitVerdict Admitted = CircuitVerdict.Admitted;

    private readonly Circuit _circuit = new(new CircuitLimits { ConnectionsMax = 2, PendingMax = 1, RequestsMax = 3, RetriesMax = 1 });

    [Fact]
    public void More_than_a_limit_is_refused_for_its_own_reason_until_something_ends()
    {
        Assert.Equal([Admitted, Admitted, CircuitVerdict.ConnectionOverflow], Times(3, _circuit.BeginConnection));
        Assert.Equal([Admitted, CircuitVerdict.PendingOverflow], Times(2, _circuit.BeginPending));
        Assert.Equal([Admitted, Admitted, Admitted, CircuitVerdict.RequestOverflow], Times(4, _circuit.BeginRequest));
        Assert.Equal([Admitted, CircuitVerdict.RetryOverflow], Times(2, _circuit.BeginRetry));
        Assert.Equal((2, 1, 3, 1), (_circuit.Connections, _circuit.Pending, _circuit.Requests, _circuit.Retries));
        _circuit.EndConnection();
        _circuit.EndPending();
        _circuit.EndRequest();
        _circuit.EndRetry();
        Assert.Equal(
            [Admitted, Admitted, Admitted, Admitted],
            [_circuit.BeginConnection(), _circuit.BeginPending(), _circuit.BeginRequest(), _circuit.BeginRetry()]);
        Assert.Equal((1L, 1L, 1L, 1L), (_circuit.Overflows(CircuitVerdict.ConnectionOverflow),
            _circuit.Overflows(CircuitVerdict.PendingOverflow), _circuit.Overflows(CircuitVerdict.RequestOverflow),
            _circuit.Overflows(CircuitVerdict.RetryOverflow)));
    }

    [Fact]
    public void Limits_of_none_refuse_everything()
    {
        var none = new Circuit(new CircuitLimits { ConnectionsMax = 0, PendingMax = 0, RequestsMax = 0, RetriesMax = 0 });
        CircuitVerdict[] verdicts = [none.BeginConnection(), none.BeginPending(), none.BeginRequest(), none.BeginRetry()];
        Assert.DoesNotContain(Admitted, verdicts);
    }

    [Fact]
    public void A_budget_stands_in_the_place_of_a_number_of_retries()
    {
        var circuit = new Circuit(new CircuitLimits { RetriesMax = 0 }, new RetryBudget(percent: 20, retriesMin: 0));
        Assert.Equal(CircuitVerdict.RetryOverflow, circuit.BeginRetry());
        Times(10, circuit.BeginRequest);
        Assert.Equal([Admitted, Admitted, CircuitVerdict.RetryOverflow], Times(3, circuit.BeginRetry));
        circuit.EndRetry();
        circuit.EndRequest();
        Assert.Equal(CircuitVerdict.RetryOverflow, circuit.BeginRetry());
    }

    [Fact]
    public void What_never_began_cannot_end() => Assert.ThrowsAny<Exception>(_circuit.EndRequest);

    private static CircuitVerdict[] Times(int count, Func<CircuitVerdict> begin) => [.. Enumerable.Range(0, count).Select(_ => begin())];
}
