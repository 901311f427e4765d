using System.Buffers;

namespace Microcosm.Nginx;

/// <summary>What is known while a handshake is under way: names of certificates may have variables.</summary>
internal sealed class HandshakeVariables(IClientConnection connection, BuiltInVariables variables) : IVariableSource
{
    public bool TryWrite(int id, ReadOnlySpan<byte> suffix, IBufferWriter<byte> output) =>
        ConnectionVariables.Table.TryGetValue(variables[id].Name, out var writer) && writer(connection, suffix, output);

    public void Assign(int id, ReadOnlySpan<byte> value)
    {
    }

    public void OnUninitialized(Variable variable)
    {
    }
}
