namespace Microcosm.Simulation.Tests.Samples.Register;

/// <summary>Waits until enough of those asked said yes, or too few can. Late answers are ignored.</summary>
internal sealed class Votes(int voters)
{
    private readonly TaskCompletionSource<bool> _decided = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _yes;
    private int _no;
    private int _needed = int.MaxValue;

    // async void: a vote's exception is a bug of the node.
    public async void Count(Task<bool> vote)
    {
        if (await vote)
            _yes++;
        else
            _no++;
        Decide();
    }

    public Task<bool> ReachAsync(int needed)
    {
        _needed = needed;
        Decide();
        return _decided.Task;
    }

    private void Decide()
    {
        if (_needed == int.MaxValue)
            return;
        if (_yes >= _needed)
            _decided.TrySetResult(true);
        else if (_no > voters - _needed)
            _decided.TrySetResult(false);
    }
}
