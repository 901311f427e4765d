using System.Buffers;

namespace Microcosm.Nginx;

/// <summary>What a check's request knows of itself: where it goes. There is no client, so other variables are empty, as NGINX Plus
/// says.</summary>
internal sealed class HealthVariables(ProxyTarget target) : IVariableSource
{
    public bool TryWrite(int id, ReadOnlySpan<byte> suffix, IBufferWriter<byte> output)
    {
        var value = PartVariables.OfHttp[id].Name switch
        {
            "proxy_host" => target.HostHeader,
            "proxy_port" => target.PortText,
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
