using System.Buffers;

namespace Microcosm.Nginx;

/// <summary>What a request knows of itself, by name of variable.</summary>
internal sealed class RequestVariables(HttpRequest request) : IVariableSource
{
    private static readonly VariableWriter?[] Writers =
        [.. Enumerable.Range(0, PartVariables.OfHttp.Count)
            .Select(id => PartVariables.OfHttp[id].Name)
            .Select(name => HttpVariables.Table.GetValueOrDefault(name) ?? UpstreamVariables.Table.GetValueOrDefault(name)
                ?? ConnectionVariables.OfHttp(name))];

    /// <summary>Whether a variable has a value here; one that has none is refused when the configuration is loaded.</summary>
    public static bool IsServed(int id) => Writers[id] is not null;

    public bool TryWrite(int id, ReadOnlySpan<byte> suffix, IBufferWriter<byte> output)
    {
        if (Writers[id] is { } writer)
            return writer(request, suffix, output);
        // Of those that the configuration names, this was asked before (Served).
        request.LogError(LogLevel.Error, $"the \"{PartVariables.OfHttp[id].Name}\" variable is not there yet");
        return false;
    }

    public void Assign(int id, ReadOnlySpan<byte> value)
    {
        if (PartVariables.OfHttp[id].Name == "args")
        {
            request.SetArguments(value);
            request.IsUriChanged = true;
        }
        else if (Measures.Size(Latin1.Text(value)) is { } rate and >= 0)
        {
            request.LimitRate = rate;
        }
        else
        {
            request.LogError(LogLevel.Error, $"invalid $limit_rate \"{Latin1.Text(value)}\"");
        }
    }

    public void OnUninitialized(Variable variable)
    {
        if (request.Level.Get(RewriteModule.UninitializedVariableWarn))
            request.LogError(LogLevel.Warn, $"using uninitialized \"{variable.Name}\" variable");
    }
}
