using System.Buffers;

namespace Microcosm.Nginx;

/// <summary>What a check knows of itself: where it goes. There is no client, so other variables are empty, as NGINX Plus says.</summary>
internal sealed class HealthVariables(HealthRule rule) : IVariableSource
{
    public bool TryWrite(int id, ReadOnlySpan<byte> suffix, IBufferWriter<byte> output)
    {
        var names = rule.IsStream ? PartVariables.OfStream : PartVariables.OfHttp;
        var value = names[id].Name switch
        {
            "proxy_host" => rule.Target!.HostHeader,
            "proxy_port" => rule.Target!.PortText,
            _ => null,
        };
        if (value is null)
            return false;
        output.Write(Latin1.Bytes(value));
        return true;
    }

    public void Assign(int id, ReadOnlySpan<byte> value)
    {
    }

    public void OnUninitialized(Variable variable)
    {
    }
}
