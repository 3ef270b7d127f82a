using System.Buffers.Binary;
using Scim.EntityFrameworkCore.Access;

namespace ScimServer.Authentication;

/// <summary>
/// The wrong tokens and secrets that were counted lately. A client whose token has expired sends the same one again and again, which guesses nothing: its administrator
/// has to see the 401 (ENTRA-76). Of each the hash is remembered, in a table of fixed size in which a newer one takes the place of an older one, which then counts again.
/// </summary>
internal sealed class RefusedCredentials
{
    private const int Slots = 1 << 16;

    private readonly ulong[] hashes = new ulong[Slots];

    public bool Contains(string credential)
    {
        var hash = HashOf(credential);
        return Volatile.Read(ref SlotOf(hash)) == hash;
    }

    public void Add(string credential)
    {
        var hash = HashOf(credential);
        Volatile.Write(ref SlotOf(hash), hash);
    }

    private ref ulong SlotOf(ulong hash) => ref hashes[hash % Slots];

    private static ulong HashOf(string credential) => BinaryPrimitives.ReadUInt64LittleEndian(TokenSecret.Hash(credential));
}
